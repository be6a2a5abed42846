import { type ReactNode, useId } from 'react'
import { useText } from '../../ui/text.ts'
import type { WaitingAnswer } from '../data.ts'
import { Icon } from '../icons.tsx'

type Props = {
  /** Undefined when the call failed. */
  answer: WaitingAnswer | undefined
  onApp(appId: string): void
  onMessages(): void
  onTodos(): void
  retry(): void
}

/** What waits for the person, each with its number and where to go. */
export function WaitingRows({ answer, onApp, onMessages, onTodos, retry }: Props): ReactNode {
  const t = useText('portal')
  const id = useId()
  const list = answer?.list ?? []
  const open = { messages: onMessages, todos: onTodos, app: onApp }
  const isPartial = answer?.isPartial !== false
  return (
    <section className="wb-todo" aria-labelledby={id}>
      <h2 id={id}>{t('waiting')}</h2>
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
