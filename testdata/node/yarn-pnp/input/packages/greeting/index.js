import escapeHtml from "escape-html";

export const greeting = (name) => `Hello from ${escapeHtml(name)}\n`;
