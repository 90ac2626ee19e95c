const button = document.querySelector("#roll");
button.addEventListener("click", () => {
  button.textContent = String(1 + Math.floor(Math.random() * 6));
});
