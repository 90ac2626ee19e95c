import slugify from 'slugify'

const titles = ['The Left Hand of Darkness', 'Invisible Cities']

export function books() {
  return titles.map((title) => ({ title, slug: slugify(title, { lower: true }) }))
}
