/** A text in each of the product's languages. */
type Words = { readonly zh: string; readonly en: string }

export const vendors = ['wecom', 'official'] as const
export type Vendor = (typeof vendors)[number]

/** A call below /cgi-bin/ of a vendor, and whether developers may have it passed on. */
export type CatalogueEntry = {
  readonly path: string
  readonly methods: readonly ('GET' | 'POST')[]
  readonly about: Words
  /** Its input or its answer is about people: it needs an approval of its own. */
  readonly isPersonal: boolean
}

/** All calls that begin like this, or the only one, are closed for everybody. */
export type ClosedPrefix = { readonly begins: string; readonly why: Words }

type Method = 'GET' | 'POST' | 'GET|POST'

function entry(isPersonal: boolean) {
  return (method: Method, path: string, zh: string, en: string): CatalogueEntry => ({
    path,
    methods: method.split('|') as ('GET' | 'POST')[],
    about: { zh, en },
    isPersonal,
  })
}

/** A call that tells nothing about people. */
export const plain = entry(false)
/** A call about people. */
export const personal = entry(true)

/** A name that ends in a slash stands for all calls below it. */
export function closed(begins: readonly string[], zh: string, en: string): ClosedPrefix[] {
  return begins.map(one => ({ begins: one, why: { zh, en } }))
}
