import { Button, Collapse, Descriptions } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
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
      <Proof id={props.entry.id} />
    </>
  )
}

/** Proves by the last checkpoint that the entry is in the tree and as it was written. */
function Proof({ id }: { id: number }): ReactNode {
  const t = useText('integrity')
  const [isWanted, setWanted] = useState(false)
  const { data, error, refetch } = useRead('/web/audit/proof', { id }, { enabled: isWanted })
  if (!isWanted) return <Button onClick={() => setWanted(true)}>{t('proof')}</Button>
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading height={100} />
  const text = JSON.stringify(data, null, 2)
  return (
    <>
      <p>
        {t('proofHint', { n: data.index, size: data.size })}{' '}
        <a download={`audit-${id}-proof.json`} href={`data:application/json,${encodeURIComponent(text)}`}>
          {t('proofSave')}
        </a>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
      <pre className="system-detail" tabIndex={0}>
        {text}
      </pre>
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
