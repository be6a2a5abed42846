import type { ReactNode } from 'react'
import { useUrlState } from '../../ui/address/url-state.ts'
import { useRead } from '../../ui/data/read.ts'
import { useText } from '../../ui/text.ts'
import { formatNumber } from '../../ui/values/format.ts'

export const useAppNumbers = () => useRead('/web/console/todos/apps', {}, { every: 30_000 })

const shownAtMost = 8

/** How many are open in each app; a click filters by it. */
export function AppNumbers(): ReactNode {
  const t = useText('todo-console')
  const [{ app = '' }, set] = useUrlState()
  const { data } = useAppNumbers()
  const apps = data?.list.filter((one, at) => at < shownAtMost || one.appId === app) ?? []
  if (apps.length === 0) return null
  return (
    <ul className="todos-apps" aria-label={t('byApp')}>
      {apps.map(({ appId, appName, open, overdue }) => {
        const isChosen = appId === app
        const numbers = { open: formatNumber(open), overdue: formatNumber(overdue) }
        return (
          <li key={appId}>
            <button
              type="button"
              aria-pressed={isChosen}
              onClick={() => set({ app: isChosen ? undefined : appId, pageNo: undefined })}
            >
              <bdi>{appName}</bdi>
              <span className={overdue > 0 ? 'todos-late' : 'wisp-quiet'}>
                {t(overdue > 0 ? 'numbersLate' : 'numbers', numbers)}
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
