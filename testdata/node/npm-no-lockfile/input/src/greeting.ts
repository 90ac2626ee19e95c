import escapeHtml from "escape-html";

export const greeting = (name: string): string => `Hello from ${escapeHtml(name)}\n`;
