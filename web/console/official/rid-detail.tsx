import { Button, Descriptions, Input, Space } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'
import { formatDuration, formatExactTime } from '../../ui/values/format.ts'
import './accounts/accounts.css'

/** Asks WeChat about a call that it refused, by the rid in its error text. `known` are offered to be asked about. */
export function RidDetail(props: { originalId: string; known?: readonly string[] }): ReactNode {
  const t = useText('official')
  const [rid, setRid] = useState('')
  const [found, setFound] = useState<Answer<'/web/official/rid'>>()
  const act = useAct('/web/official/rid')
  const ask = async (one: string) => {
    setRid(one)
    setFound(await act.run({ originalId: props.originalId, rid: one }))
  }
  return (
    <div className="official-rid">
      <Space.Compact style={{ width: '100%', maxWidth: 440 }}>
        <Input
          value={rid}
          maxLength={64}
          placeholder="rid"
          aria-label="rid"
          onChange={event => setRid(event.target.value.trim())}
        />
        <Button loading={act.isRunning} disabled={rid === ''} onClick={() => void ask(rid)}>
          {t('ridAsk')}
        </Button>
      </Space.Compact>
      {props.known?.map(one => (
        <Button key={one} type="link" size="small" onClick={() => void ask(one)}>
          {one}
        </Button>
      ))}
      {found ? (
        <Descriptions
          bordered
          size="small"
          column={1}
          style={{ marginTop: 12 }}
          items={[
            {
              key: 'at',
              label: t('ridAt'),
              children: `${formatExactTime(found.at)} · ${formatDuration(found.ms)} · ${found.fromIp}`,
            },
            { key: 'url', label: 'URL', children: <pre>{found.url}</pre> },
            { key: 'request', label: t('ridRequest'), children: <pre>{found.request}</pre> },
            { key: 'response', label: t('ridResponse'), children: <pre>{found.response}</pre> },
          ]}
        />
      ) : null}
    </div>
  )
}
