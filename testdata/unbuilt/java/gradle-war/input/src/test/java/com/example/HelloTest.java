package com.example;

import org.junit.Assert;
import org.junit.Test;

public class HelloTest {
    @Test
    public void greets() {
        Assert.assertEquals("hello from Tomcat", Hello.text());
    }
}
