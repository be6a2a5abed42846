import type * as OidcProvider from 'oidc-provider'

export type Library = typeof OidcProvider

let loaded: Promise<Library> | undefined

/** Read at the first sign-in, because it takes part of a second. */
export function loadLibrary(): Promise<Library> {
  loaded ??= read().catch(error => {
    loaded = undefined
    throw error
  })
  return loaded
}

/** It warns on the console of every Node that is no LTS release yet. */
async function read(): Promise<Library> {
  const { warn } = console
  console.warn = (...given: unknown[]) => {
    if (!String(given[0]).includes('Unsupported runtime')) warn(...given)
  }
  try {
    return await import('oidc-provider')
  } finally {
    console.warn = warn
  }
}
