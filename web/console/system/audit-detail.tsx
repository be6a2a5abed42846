import type { ReactNode } from 'react'
import { useText } from '../../ui/text.ts'
import { useFieldName, useValueName } from './act-name.ts'

type Change = { field: string; before?: unknown; after?: unknown }

/** What an act changed, before and after, and whatever else is known of it. */
export function AuditDetail(props: { detail: unknown }): ReactNode {
  const { changes, ...rest } = (props.detail ?? {}) as { changes?: Change[] }
  return (
    <>
      {changes ? <Changes changes={changes} /> : null}
      {Object.keys(rest).length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard.
        <pre className="system-detail" tabIndex={0}>
          {JSON.stringify(rest, null, 2)}
        </pre>
      ) : null}
    </>
  )
}

function Changes(props: { changes: Change[] }): ReactNode {
  const t = useText('system')
  const fieldName = useFieldName()
  const valueName = useValueName()
  if (props.changes.length === 0) return <p className="wisp-quiet">{t('changedNothing')}</p>
  return (
    <table className="system-changes">
      <thead>
        <tr>
          <th scope="col">{t('field')}</th>
          <th scope="col">{t('before')}</th>
          <th scope="col">{t('after')}</th>
        </tr>
      </thead>
      <tbody>
        {props.changes.map(change => (
          <tr key={change.field}>
            <th scope="row">{fieldName(change.field)}</th>
            {'after' in change ? (
              <>
                <td>{valueName(change.field, change.before) ?? shown(change.before)}</td>
                <td>{valueName(change.field, change.after) ?? shown(change.after)}</td>
              </>
            ) : (
              <td colSpan={2}>{t('changedSecret')}</td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '—'
  if (Array.isArray(value) && value.every(one => typeof one !== 'object')) return value.join(', ') || '—'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
