/** Entries for pages, named after the last part of their paths. */
export const sidebar = (pages: string[]) =>
  pages.map(page => ({ text: page.split('/').at(-1), link: `/${page}` }))
