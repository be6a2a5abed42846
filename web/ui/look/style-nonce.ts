/** The nonce that this page's policy lets styles have. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.nonce ?? ''
}

/**
 * Some of Ant Design's parts (the scroll lock of dialogs, the measuring of scroll bars) write style elements without the nonce
 * they could know. Elements made by our scripts get it here; markup that somebody might smuggle in still does not.
 */
export function giveStylesNonce(): void {
  const nonce = styleNonce()
  if (!nonce) return
  const create = document.createElement.bind(document) as (
    name: string,
    options?: ElementCreationOptions,
  ) => HTMLElement
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options)
    if (name === 'style') element.nonce = nonce
    return element
  }) as typeof document.createElement
}
