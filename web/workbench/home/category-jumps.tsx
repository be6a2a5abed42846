import type { ReactNode } from 'react'
import { useText } from '../../ui/text.ts'

// Fewer are seen without scrolling for long.
const fewest = { categories: 5, apps: 30 }

/** The id of a category's heading, by its place in the list. */
export const headingOf = (index: number) => `category-${index}`

/** Leads to each category, where there are many. `apps`: how many apps there are. */
export function CategoryJumps({ names, apps }: { names: readonly string[]; apps: number }): ReactNode {
  const t = useText('portal')
  if (names.length < fewest.categories || apps < fewest.apps) return null
  return (
    <nav className="wb-jumps" aria-label={t('categories')}>
      {names.map((name, index) => (
        <button
          key={name}
          type="button"
          className="wb-cut"
          title={name}
          onClick={() => {
            const heading = document.getElementById(headingOf(index))
            heading?.scrollIntoView({ block: 'start' })
            heading?.focus({ preventScroll: true })
          }}
        >
          {name}
        </button>
      ))}
    </nav>
  )
}
