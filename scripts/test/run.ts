import { resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')
export const bin = resolve(root, 'node_modules/.bin')
