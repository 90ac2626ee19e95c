const express = require("express");
const { goods, id } = require("shared");

const app = express();
app.get("/goods", (req, res) => res.json(goods.map((g) => ({ id: id(g.name), name: g.name }))));

module.exports = app;
