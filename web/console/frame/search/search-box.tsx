import { LoadingOutlined, SearchOutlined } from '@ant-design/icons'
import { Input } from 'antd'
import { type KeyboardEvent, type ReactNode, useDeferredValue, useRef, useState } from 'react'
import { useGo } from '../../../ui/address/url-state.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { useText } from '../../../ui/text.ts'
import { type FoundAct, useActs } from './search-acts.ts'
import { usePlaces } from './search-places.ts'

type Hit = {
  kind: string
  id: string
  title: string
  detail: string
  go(): void
  run?: () => Promise<boolean>
}

/** The field and what it has found. */
export function SearchBox(props: { onDone(): void }): ReactNode {
  const t = useText('console')
  const [text, setText] = useState('')
  const words = useDeferredValue(text.trim())
  const hits = useHits(words)
  const [chosen, setChosen] = useState(0)
  const index = Math.min(chosen, hits.length - 1)
  const [isRunning, setRunning] = useState(false)
  // State is a render behind: a second press of Enter must not begin it again.
  const running = useRef(false)
  const isDone = async (run: () => Promise<boolean>) => {
    running.current = true
    setRunning(true)
    const done = await run()
    running.current = false
    setRunning(false)
    return done
  }
  const take = async (hit: Hit | undefined) => {
    if (!hit || running.current || (hit.run && !(await isDone(hit.run)))) return
    props.onDone()
    hit.go()
  }
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      setChosen(Math.max(0, Math.min(hits.length - 1, index + step)))
    }
    if (event.key === 'Enter') void take(hits[index])
  }
  return (
    <>
      <Input
        autoFocus
        size="large"
        prefix={isRunning ? <LoadingOutlined /> : <SearchOutlined />}
        aria-busy={isRunning}
        value={text}
        placeholder={t('searchHint')}
        role="combobox"
        aria-label={t('search')}
        aria-expanded={hits.length > 0}
        aria-controls="console-results"
        aria-activedescendant={hits[index] ? `hit-${index}` : undefined}
        onChange={event => {
          setText(event.target.value)
          setChosen(0)
        }}
        onKeyDown={onKey}
      />
      <Hits hits={hits} index={index} words={words} onTake={hit => void take(hit)} />
    </>
  )
}

function Hits(props: { hits: Hit[]; index: number; words: string; onTake(hit: Hit): void }): ReactNode {
  const t = useText('console')
  const { hits } = props
  if (props.words && hits.length === 0) {
    return (
      <div role="status" className="wisp-quiet" style={{ padding: '16px 4px 0' }}>
        {t('searchNothing', { words: props.words })}
      </div>
    )
  }
  return (
    <div id="console-results" className="console-results" role="listbox" aria-label={t('search')}>
      {hits.map((hit, index) => (
        <div key={`${hit.kind}-${hit.id}`} role="presentation">
          {hit.kind === hits[index - 1]?.kind ? null : <h3 role="presentation">{hit.kind}</h3>}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: the box above holds the keyboard. */}
          <div
            id={`hit-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === props.index}
            className="console-result"
            onClick={() => props.onTake(hit)}
          >
            <span>{hit.title}</span>
            <span>{hit.detail}</span>
          </div>
        </div>
      ))}
    </div>
  )
}

function useHits(words: string): Hit[] {
  const t = useText('console')
  const go = useGo()
  const { corpId } = useSession()
  const places = usePlaces(words)
  const acts = useActs(words)
  const { data } = useRead(
    '/web/console/search',
    { q: words },
    { enabled: words !== '' && corpId !== '', keep: true },
  )
  if (words === '') return []
  const own = places.map(({ isSetting, path, search, ...place }) => ({
    ...place,
    kind: t(isSetting ? 'searchSettings' : 'searchPages'),
    go: () => go(path, search),
  }))
  const rows = (data?.list ?? []).flatMap(({ title, path, param, hits }) =>
    hits.map(hit => ({
      ...hit,
      kind: title,
      go: () =>
        path.includes('$id')
          ? go(path.replace('$id', encodeURIComponent(hit.id)))
          : go(path, { [param]: hit.id }),
    })),
  )
  const done = (list: readonly FoundAct[]) => list.map(act => ({ ...act, kind: t('searchActs'), detail: '' }))
  // Words that name a thing beside an act mean that; without one they may mean the page just as well.
  return [...done(acts.ofThings), ...own, ...done(acts.plain), ...rows]
}
