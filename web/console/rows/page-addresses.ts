import { createContext } from 'react'
import type { ConsolePage } from '../console-page.ts'

/** Finds the address of a page by its name. Pages cannot import the table of all pages, which imports them. */
export const PageAddresses = createContext<(name: ConsolePage['name']) => string>(() => '')
