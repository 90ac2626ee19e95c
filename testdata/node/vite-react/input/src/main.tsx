import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter, Link, Route, Routes, useParams } from "react-router";

import { books, hours } from "./books";

function Shelf() {
  return (
    <ul>
      {books.map((book) => (
        <li key={book.id}>
          <Link to={`/books/${book.id}`}>{book.title}</Link>
        </li>
      ))}
    </ul>
  );
}

function Page() {
  const { id } = useParams();
  const book = books.find((b) => b.id === id);
  return <p>{book ? `${book.title}: ${hours(book)} hours` : "No such book"}</p>;
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <BrowserRouter>
      <h1>Bookshelf</h1>
      <Routes>
        <Route path="/" element={<Shelf />} />
        <Route path="/books/:id" element={<Page />} />
      </Routes>
    </BrowserRouter>
  </StrictMode>,
);
