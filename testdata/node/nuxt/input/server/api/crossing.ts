export default defineEventHandler(() => ({ takes: duration(95) }))
