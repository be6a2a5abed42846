import { Collapse, Descriptions } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'

type Entry = Answer<'/web/audit/entry'>

/** What an act changed, before and after, whatever else is known of it, and both as they are stored. */
export function AuditDetail(props: { entry: Entry }): ReactNode {
  const t = useText('system')
  const { changes, facts, act, target, detail } = props.entry
  return (
    <>
      {changes ? <Changes changes={changes} /> : null}
      {facts.length > 0 ? (
        <Descriptions
          column={1}
          size="small"
          style={{ margin: '12px 0' }}
          items={facts.map(({ name, value }) => ({ key: name, label: name, children: value }))}
        />
      ) : null}
      <Collapse
        ghost
        size="small"
        items={[
          {
            key: 'raw',
            label: t('raw'),
            children: (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard.
              <pre className="system-detail" tabIndex={0}>
                {JSON.stringify({ act, target, detail }, null, 2)}
              </pre>
            ),
          },
        ]}
      />
    </>
  )
}

function Changes(props: { changes: NonNullable<Entry['changes']> }): ReactNode {
  const t = useText('system')
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
        {props.changes.map(({ name, before, after, isSecret }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {isSecret ? (
              <td colSpan={2}>{t('changedSecret')}</td>
            ) : (
              <>
                <td>{before}</td>
                <td>{after}</td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
