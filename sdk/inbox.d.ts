/**
 * The custom element `<wisp-inbox>`; loading the module defines it. Attributes: `src`, wisp's address; `ticket-url`, where the page's own
 * server answers `POST` with `{ticket}` of `POST /api/inbox/session`; `lang`, `zh` or `en`, by default the document's; `theme`, `light` or
 * `dark`, by default what the person prefers. Colours are the custom properties `--wisp-fg`, `--wisp-dim`, `--wisp-bg`, `--wisp-line`,
 * `--wisp-hover`, `--wisp-accent`, `--wisp-on-accent` and `--wisp-alert`.
 */
export declare class WispInbox extends HTMLElement {
  /** Returns a ticket; in the place of the attribute `ticket-url`. It may be set before the module is loaded, or at any time later. */
  getTicket: (() => Promise<string>) | undefined
  /** How many messages of the last 30 days were not opened, counted up to 100. An event `unread` tells of another number. */
  readonly unread: number
  readonly isOpen: boolean
  open(): void
  close(): void
}

declare global {
  interface HTMLElementTagNameMap {
    'wisp-inbox': WispInbox
  }
}
