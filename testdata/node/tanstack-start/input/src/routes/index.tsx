import { createFileRoute } from '@tanstack/react-router'
import { createServerFn } from '@tanstack/react-start'
import { jars } from '../jars'

const shelf = createServerFn().handler(() => jars(2600))

export const Route = createFileRoute('/')({
  loader: () => shelf(),
  component: () => <h1>{`Hello from TanStack Start: ${Route.useLoaderData()} jars`}</h1>,
})
