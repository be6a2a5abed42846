/** A template_card under WeCom's names. */
export type Card = Record<string, unknown>

/** What one person sees of a card; `replaced` stands on its buttons, which are grey then. */
export interface ShownCard {
  card: Card
  replaced: string | null
}
