/** @type {import('@react-router/dev/config').Config} */
export default {
  buildDirectory: 'out',
  ssr: true,
}
