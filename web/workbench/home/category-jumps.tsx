import type { ReactNode } from 'react'
import { useText } from '../../ui/text.ts'

const fewestGroups = 5

/** The id of a category's heading, by its place in the list. */
export const headingOf = (index: number) => `category-${index}`

/** Leads to each category, where there are so many that one would scroll for long. */
export function CategoryJumps({ names }: { names: readonly string[] }): ReactNode {
  const t = useText('portal')
  if (names.length < fewestGroups) return null
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
