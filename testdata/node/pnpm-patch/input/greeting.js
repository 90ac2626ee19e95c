const escapeHtml = require("escape-html");

exports.greeting = (name) => `Hello from ${escapeHtml(name)}\n`;
