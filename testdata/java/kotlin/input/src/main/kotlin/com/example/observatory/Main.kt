package com.example.observatory

import com.sun.net.httpserver.HttpServer
import java.net.InetSocketAddress

const val PORT = 8098

fun sky(star: String) = "$star is up tonight"

fun main() {
    val server = HttpServer.create(InetSocketAddress(PORT), 0)
    server.createContext("/sky") { exchange ->
        val body = sky("Vega").toByteArray()
        exchange.sendResponseHeaders(200, body.size.toLong())
        exchange.responseBody.use { it.write(body) }
    }
    server.start()
}
