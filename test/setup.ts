import { afterAll } from 'vitest'
import { removeLeftovers } from './leftovers.ts'

// Runs before each test file, so that this is the last of its hooks.
afterAll(removeLeftovers)
