import { createPrimary } from './server-identity.ts'
import { createWay, type Way } from './way.ts'

/** For what is tried by itself. */
export const wayTo = (url: string): Way => createWay(url, createPrimary())
