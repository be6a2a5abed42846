import './todos.css'
import { type ReactNode, useDeferredValue, useState } from 'react'
import { api, CallError, canRetry } from '../../ui/data/api.ts'
import { ErrorNumber } from '../../ui/error-number.tsx'
import { useText } from '../../ui/text.ts'
import { dueState, formatAgo, formatTime, formatWhole } from '../../ui/values/format.ts'
import { Icon } from '../icons.tsx'
import { finishSoon, undoFinish, useFinishing } from './finishing.ts'
import { type Todo, type TodoFilter, type TodoView, useTodos, useTodosChanged } from './todo-data.ts'

const views: readonly TodoView[] = ['todo', 'read', 'ended']

/** What the person has to do in all apps: to-dos, what is to be read, and what has ended. */
export function TodoList({ isPhone }: { isPhone: boolean }): ReactNode {
  const t = useText('todos')
  const p = useText('portal')
  const [filter, setFilter] = useState<TodoFilter>({ view: 'todo', words: '', appId: '', order: 'due' })
  const words = useDeferredValue(filter.words.trim())
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTodos({
    ...filter,
    words,
  })
  const first = data?.pages[0]
  const todos = data?.pages.flatMap(page => page.list) ?? []
  const change = (next: Partial<TodoFilter>) => setFilter({ ...filter, ...next })
  return (
    <div className="wb-todos">
      <TodoViews view={filter.view} open={first?.open} onView={view => change({ view, appId: '' })} />
      <TodoTools filter={filter} apps={first?.apps ?? []} onChange={change} />
      {error && !data ? (
        <div className="wb-none" role="alert">
          <p>{t('failed')}</p>
          {canRetry(error) ? (
            <button type="button" className="wb-button" onClick={() => void refetch()}>
              {p('retry')}
            </button>
          ) : null}
        </div>
      ) : null}
      {!error && !data ? <p className="wb-none">{p('loading')}</p> : null}
      {data && todos.length === 0 ? (
        <NoTodos view={filter.view} isFiltered={words !== '' || filter.appId !== ''} />
      ) : null}
      <ul className="wb-todo-list">
        {todos.map(todo => (
          <TodoRow key={todo.id} todo={todo} isPhone={isPhone} />
        ))}
      </ul>
      {hasNextPage ? (
        <button
          type="button"
          className="wb-button wb-more"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {isFetchingNextPage ? p('loading') : t('more')}
        </button>
      ) : null}
    </div>
  )
}

function TodoViews(props: {
  view: TodoView
  open: { todo: number; read: number } | undefined
  onView(view: TodoView): void
}): ReactNode {
  const t = useText('todos')
  const countOf = (view: TodoView) => (view === 'ended' ? 0 : (props.open?.[view] ?? 0))
  return (
    <div className="wb-segments">
      {views.map(view => (
        <button
          key={view}
          type="button"
          aria-pressed={props.view === view}
          className="wb-segment"
          onClick={() => props.onView(view)}
        >
          {t(view)}
          {countOf(view) > 0 ? <span className="wb-segment-n">{countOf(view)}</span> : null}
        </button>
      ))}
    </div>
  )
}

function TodoTools(props: {
  filter: TodoFilter
  apps: readonly { id: string; name: string; count: number }[]
  onChange(next: Partial<TodoFilter>): void
}): ReactNode {
  const t = useText('todos')
  const { filter, apps, onChange } = props
  return (
    <div className="wb-todo-tools">
      <search className="wb-search">
        <Icon name="search" size={18} />
        <input
          type="search"
          value={filter.words}
          maxLength={64}
          placeholder={t('searchHint')}
          aria-label={t('searchHint')}
          onChange={event => onChange({ words: event.target.value })}
        />
      </search>
      <div className="wb-row">
        {apps.length > 1 ? (
          <select
            className="wb-select"
            aria-label={t('app')}
            value={filter.appId}
            onChange={event => onChange({ appId: event.target.value })}
          >
            <option value="">{t('allApps')}</option>
            {apps.map(app => (
              <option key={app.id} value={app.id}>
                {`${app.name} (${app.count})`}
              </option>
            ))}
          </select>
        ) : null}
        {filter.view === 'ended' ? null : (
          <select
            className="wb-select"
            aria-label={t('order')}
            value={filter.order}
            onChange={event => onChange({ order: event.target.value === 'due' ? 'due' : 'newest' })}
          >
            <option value="due">{t('byDue')}</option>
            <option value="newest">{t('newest')}</option>
          </select>
        )}
      </div>
    </div>
  )
}

function NoTodos({ view, isFiltered }: { view: TodoView; isFiltered: boolean }): ReactNode {
  const t = useText('todos')
  const text = isFiltered
    ? 'noneFound'
    : view === 'ended'
      ? 'noneEnded'
      : view === 'read'
        ? 'noneToRead'
        : 'none'
  return (
    <div className="wb-none">
      <Icon name="check" size={40} />
      <p>{t(text)}</p>
    </div>
  )
}

function TodoRow({ todo, isPhone }: { todo: Todo; isPhone: boolean }): ReactNode {
  const t = useText('todos')
  const { busy, failure, open, finish, isFinishing } = useTodoActs(todo, isPhone)
  const { title, appName, meantName, sender, process, step, content, priority } = todo
  const who = [meantName && t('meant', { name: meantName }), sender && t('from', { name: sender })]
  const about = [process, step, ...who].filter(Boolean).join(' · ')
  const isUnread = todo.state === 'open' && todo.readAt === ''
  return (
    <li className={isUnread ? 'wb-message wb-unread' : 'wb-message'}>
      <div className="wb-message-head">
        <span className="wb-cut">{appName}</span>
        {priority > 0 && todo.state === 'open' ? (
          <span className={`wb-priority wb-priority-${priority}`}>
            {t(priority === 2 ? 'urgent' : 'important')}
          </span>
        ) : null}
        <span className="wb-grow" />
        <TodoTime todo={todo} />
      </div>
      <h3>
        <button type="button" className="wb-todo-open" disabled={busy} onClick={open}>
          {title}
        </button>
      </h3>
      {about ? <p className="wb-quiet">{about}</p> : null}
      {content ? <p className="wb-text wb-clamp">{content}</p> : null}
      {failure ? (
        <p className="wb-lost" role="alert">
          {failure instanceof CallError ? failure.message : t('failed')} <ErrorNumber of={failure} />
        </p>
      ) : null}
      {isFinishing ? (
        <Finished id={todo.id} />
      ) : (
        <div className="wb-todo-acts">
          {todo.state === 'open' ? (
            <button type="button" className="wb-link" disabled={busy} onClick={open}>
              {t(todo.kind === 'read' ? 'look' : 'doIt')}
            </button>
          ) : (
            <span className="wb-quiet">{t(todo.state)}</span>
          )}
          {todo.mayFinish ? (
            <button type="button" className="wb-button" disabled={busy} onClick={finish}>
              {t('finish')}
            </button>
          ) : null}
        </div>
      )}
    </li>
  )
}

/** In the place of the buttons, until the server has it. */
function Finished({ id }: { id: number }): ReactNode {
  const t = useText('todos')
  const isWaiting = useFinishing(id)?.state === 'waiting'
  return (
    <div className="wb-todo-acts">
      <span className="wb-quiet" role="status">
        {t('finished')}
      </span>
      {isWaiting ? (
        <button type="button" className="wb-button" onClick={() => undoFinish(id)}>
          {t('undo')}
        </button>
      ) : null}
    </div>
  )
}

function TodoTime({ todo }: { todo: Todo }): ReactNode {
  const t = useText('todos')
  const { state, dueAt, createdAt, endedAt } = todo
  if (state === 'open' && dueAt) {
    const due = dueState(dueAt)
    return (
      <time dateTime={dueAt} title={formatWhole(dueAt)} className={`wb-due-${due}`}>
        {t(due === 'late' ? 'late' : 'due', { time: formatTime(dueAt) })}
      </time>
    )
  }
  const at = endedAt || createdAt
  return (
    <time dateTime={at} title={formatWhole(at)}>
      {formatAgo(at)}
    </time>
  )
}

/** On a desktop a to-do opens in a tab of its own, which a browser allows only at the click itself. */
function useTodoActs(todo: Todo, isPhone: boolean) {
  const changed = useTodosChanged()
  const finishing = useFinishing(todo.id)
  const [busy, setBusy] = useState(false)
  const [openFailure, setFailure] = useState<unknown>()
  async function act(work: () => Promise<void>) {
    setBusy(true)
    setFailure(undefined)
    try {
      await work()
      await changed()
    } catch (error) {
      setFailure(error)
    }
    setBusy(false)
  }
  return {
    busy,
    // An answer that got lost is no failure once the list shows that the server has it.
    failure: finishing?.state === 'failed' && todo.mayFinish ? finishing.error : openFailure,
    isFinishing: finishing !== undefined && finishing.state !== 'failed',
    open() {
      const tab = isPhone ? null : window.open('', '_blank')
      void act(async () => {
        try {
          const { url } = await api.post('/web/todos/open', { id: todo.id, isPhone: isPhone ? '1' : '0' })
          if (tab) {
            tab.opener = null
            tab.location.replace(url)
          } else location.assign(url)
        } catch (error) {
          tab?.close()
          throw error
        }
      })
    },
    finish: () => finishSoon(todo.id, changed),
  }
}
