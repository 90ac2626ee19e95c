package com.example.bakery;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Answers with the loaf of a flour. */
@WebServlet("/loaves")
public class LoavesServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String flour = request.getParameter("flour");
        if (flour == null) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST, "which flour?");
            return;
        }
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().println(Loaves.of(flour));
    }
}
