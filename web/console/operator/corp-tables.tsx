import type { ReactNode } from 'react'
import { EmptyState } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { useRunWords } from '../sync/run-words.ts'
import type { OneCorp } from './corp-words.tsx'

/** Its last runs. */
export function CorpRuns({ corp: { runs } }: { corp: OneCorp }): ReactNode {
  const t = useText('operator')
  const words = useRunWords()
  if (runs.length === 0) return <EmptyState title={t('runsNone')} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard.
    <section className="operator-table" tabIndex={0} aria-label={t('runs')}>
      <p className="wisp-quiet">{t('runsHint')}</p>
      <table className="wisp-figures">
        <thead>
          <tr>
            <th scope="col">{t('run')}</th>
            <th scope="col">{t('state')}</th>
            <th scope="col">{t('at')}</th>
            <th scope="col">{t('result')}</th>
          </tr>
        </thead>
        <tbody>
          {runs.map(run => (
            <tr key={run.id}>
              <th scope="row">{words.title(run)}</th>
              <td>
                <State kind={words.stateKind(run.state)}>{words.state(run.state)}</State>
              </td>
              <td>
                <Time at={run.finishedAt ?? run.startedAt ?? run.createdAt} />
              </td>
              <td>{run.error ?? words.counts(run)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Members who administrate it. */
export function Administrators({ corp: { administrators } }: { corp: OneCorp }): ReactNode {
  const t = useText('operator')
  const levels = useText('console')
  if (administrators.length === 0) return <EmptyState title={t('administratorsNone')} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard.
    <section className="operator-table" tabIndex={0} aria-label={t('administrators')}>
      <table className="wisp-figures">
        <thead>
          <tr>
            <th scope="col">{t('person')}</th>
            <th scope="col">{t('userId')}</th>
            <th scope="col">{t('level')}</th>
          </tr>
        </thead>
        <tbody>
          {administrators.map(one => (
            <tr key={one.userId}>
              <th scope="row">{one.userName}</th>
              <td>
                <CopyId value={one.userId} />
              </td>
              <td>{levels(`level${one.level as 2 | 3 | 4}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
