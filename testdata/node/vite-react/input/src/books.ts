export interface Book {
  id: string;
  title: string;
  pages: number;
}

export const books: Book[] = [
  { id: "dune", title: "Dune", pages: 612 },
  { id: "emma", title: "Emma", pages: 474 },
];

/** How long a book takes at a page a minute, in whole hours. */
export function hours(book: Book): number {
  return Math.ceil(book.pages / 60);
}
