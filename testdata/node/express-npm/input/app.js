const path = require("node:path");
const express = require("express");

const app = express();

app.set("view engine", "ejs");
app.set("views", path.join(__dirname, "views"));

app.get("/", (req, res) => {
  res.render("index", { greeting: "Hello from Express" });
});

app.get("/healthz", (req, res) => {
  res.json({ ok: true });
});

module.exports = app;
