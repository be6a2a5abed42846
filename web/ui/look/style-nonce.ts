/** The nonce with which this page's policy allows styles. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.nonce ?? ''
}

/**
 * Some parts of Ant Design (the scroll lock of dialogs, the measuring of scroll bars) create style elements
 * without a nonce, although they could know it. This adds the nonce to elements that our scripts create;
 * markup that an attacker injects still has none.
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
