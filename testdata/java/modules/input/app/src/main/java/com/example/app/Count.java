package com.example.app;

import com.example.words.Words;
import com.google.gson.Gson;
import java.util.Map;

public class Count {

    public static void main(String[] args) {
        String text = args.length > 0 ? String.join(" ", args) : "the quick brown fox";
        System.out.println(new Gson().toJson(Map.of("words", Words.count(text))));
    }
}
