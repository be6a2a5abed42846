import { type ReactNode, useId } from 'react'
import { useText } from '../../ui/text.ts'
import { dueState, formatTime, formatWhole } from '../../ui/values/format.ts'
import type { WaitingAnswer } from '../data.ts'
import { Icon } from '../icons.tsx'

type Props = {
  /** Undefined when the call failed. */
  answer: WaitingAnswer | undefined
  /** How many of the things with a due time are shown. */
  dueAtMost: number
  onApp(appId: string): void
  onMessages(): void
  onTodos(): void
  retry(): void
}

/** What waits for the person: what is due first, then all kinds with their number and where to go. */
export function WaitingRows({ answer, dueAtMost, onApp, onMessages, onTodos, retry }: Props): ReactNode {
  const t = useText('portal')
  const id = useId()
  const { list = [], due = [] } = answer ?? {}
  const open = { messages: onMessages, todos: onTodos, app: onApp }
  const isPartial = answer?.isPartial !== false
  return (
    <section className="wb-todo" aria-labelledby={id}>
      <h2 id={id}>{t('waiting')}</h2>
      {due.length > 0 ? (
        <ol className="wb-due">
          {due.slice(0, dueAtMost).map(item => (
            <li key={`${item.to} ${item.appId} ${item.id}`}>
              <DueRow item={item} onApp={onApp} />
            </li>
          ))}
        </ol>
      ) : null}
      {list.length > 0 ? (
        <ul>
          {list.map(row => (
            <li key={`${row.title} ${row.appId}`}>
              <button type="button" className="wb-todo-row" onClick={() => open[row.to](row.appId)}>
                <span className={`wb-todo-icon wb-todo-${row.icon}`}>
                  <Icon name={row.icon} />
                </span>
                <span className="wb-grow">{row.title}</span>
                <strong>{row.count > 99 ? '99+' : row.count}</strong>
                <Icon name="chevron" size={16} />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      {list.length === 0 && !isPartial ? (
        <p className="wb-todo-none">
          <Icon name="check" size={18} />
          {t('waitingNothing')}
        </p>
      ) : null}
      {isPartial ? (
        <p className="wb-quiet" role="alert">
          {t('waitingPartial')}{' '}
          <button type="button" className="wb-link" onClick={retry}>
            {t('retry')}
          </button>
        </p>
      ) : null}
    </section>
  )
}

/** Opens the thing itself. A to-do is a link, so that on a desktop the workbench stays open beside it. */
function DueRow({
  item,
  onApp,
}: {
  item: WaitingAnswer['due'][number]
  onApp(appId: string): void
}): ReactNode {
  const { icon, title, note, dueAt, to, appId, id } = item
  const inside = (
    <>
      <Icon name={icon} size={18} />
      <span className="wb-grow wb-due-what">
        <bdi>{title}</bdi>
        {note ? <small>{note}</small> : null}
      </span>
      <DueTime at={dueAt} />
    </>
  )
  if (to === 'todo')
    return (
      <a className="wb-due-row" href={`/mobile?todo=${id}`} {...besideOnDesktop()}>
        {inside}
      </a>
    )
  return (
    <button type="button" className="wb-due-row" onClick={() => onApp(appId)}>
      {inside}
    </button>
  )
}

const besideOnDesktop = () =>
  location.pathname.startsWith('/portal') ? { target: '_blank', rel: 'noopener' } : {}

function DueTime({ at }: { at: string }): ReactNode {
  const t = useText('todos')
  const state = dueState(at)
  return (
    <time dateTime={at} title={formatWhole(at)} className={`wb-due-${state}`}>
      {t(state === 'late' ? 'late' : 'due', { time: formatTime(at) })}
    </time>
  )
}
