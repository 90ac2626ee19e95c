package com.example.orchard;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Tells when the tree of the path is picked. */
public class TreeServlet extends HttpServlet {

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String tree = request.getPathInfo();
        if (tree == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setContentType("text/plain");
        response.getWriter().print(season(tree.substring(1)));
    }

    static String season(String tree) {
        return "The " + tree + " is picked in " + (tree.equals("cherry") ? "June" : "September");
    }
}
