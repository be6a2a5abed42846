import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { CopyButton } from '../../../ui/values/copy.tsx'
import './sources.css'

type Kind = Row<'/web/todos/sources'>['kind']

/** What is entered where, by the vendor: behind the base stand the vendor's own paths. */
const lines: Record<Kind, readonly { name: 'linesRest' | 'linesSoap' | 'linesToken'; path: string }[]> = {
  weaver: [
    { name: 'linesRest', path: '/rest/ofs/ReceiveRequestInfoByJson' },
    { name: 'linesSoap', path: '/services/OfsTodoDataWebService' },
  ],
  seeyon: [
    { name: 'linesToken', path: '/seeyon/rest/token' },
    { name: 'linesRest', path: '/seeyon/rest/thirdpartyPending/receive' },
  ],
  landray: [
    { name: 'linesRest', path: '/api/sys-notify/sysNotifyTodoRestService/sendTodo' },
    { name: 'linesSoap', path: '/sys/webservice/sysNotifyTodoWebService' },
  ],
}

export function WhereToEnter(props: { kind: Kind; base: string }): ReactNode {
  const t = useText('todo-sources')
  const { kind, base } = props
  return (
    <div className="todo-source-enter">
      <p>{t(`enter_${kind}`)}</p>
      <Line value={base} />
      <dl>
        {lines[kind].map(({ name, path }) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd>
              <Line value={`${base}${path}`} />
            </dd>
          </div>
        ))}
      </dl>
      <a href={`/docs/build/todos-from-${kind}`} target="_blank" rel="noreferrer">
        {t('guide')}
      </a>
    </div>
  )
}

function Line(props: { value: string }): ReactNode {
  return (
    <span className="todo-source-line">
      <code className="wisp-code">{props.value}</code>
      <CopyButton value={props.value} />
    </span>
  )
}

/** The address of a source, which is asked for before it is shown. */
export function SourceAddress(props: { source: Row<'/web/todos/sources'> }): ReactNode {
  const t = useText('todo-sources')
  const { source } = props
  const [base, setBase] = useState('')
  const show = useAct('/web/todos/sources/address')
  const rotate = useAct('/web/todos/sources/rotate', {
    done: t('rotated'),
    refresh: ['/web/todos/sources'],
    confirm: () => ({ title: t('rotateAsk'), content: t('rotateWhat'), okText: t('rotate'), danger: true }),
  })
  const run = async (act: typeof show) => {
    const done = await act.run({ id: source.id })
    if (done) setBase(done.base)
  }
  return (
    <section className="todo-source-address" aria-label={t('address')}>
      <h3>{t('address')}</h3>
      <p className="wisp-quiet">{t('addressHint')}</p>
      {base === '' ? null : <WhereToEnter kind={source.kind} base={base} />}
      <div className="wisp-filters">
        {base === '' ? (
          <Button loading={show.isRunning} onClick={() => void run(show)}>
            {t('show')}
          </Button>
        ) : null}
        <Button loading={rotate.isRunning} onClick={() => void run(rotate)}>
          {t('rotate')}
        </Button>
      </div>
    </section>
  )
}
