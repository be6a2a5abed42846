import { createPrimary } from './server-identity.ts'
import { createWay, type DatabaseWay } from './way.ts'

/** For what is tried by itself. */
export const wayTo = (url: string): DatabaseWay => createWay(url, createPrimary())
