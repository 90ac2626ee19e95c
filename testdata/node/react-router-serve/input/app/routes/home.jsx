import { crates } from '../crates.js'

export const loader = () => ({ crates: crates(130) })

export default function Home({ loaderData }) {
  return <h1>{`Hello from React Router: ${loaderData.crates} crates`}</h1>
}
