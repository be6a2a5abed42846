import { SearchOutlined } from '@ant-design/icons'
import { Button, Modal } from 'antd'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { Loading } from '../../../ui/feedback.tsx'
import { useNarrow } from '../../../ui/look/width.ts'
import { useText } from '../../../ui/text.ts'

const loadBox = () => import('./search-box.tsx')
const SearchBox = lazy(async () => ({ default: (await loadBox()).SearchBox }))
/** Before it is opened, so that nothing that is typed at once gets lost. A failed load is repeated when it opens. */
const prepare = () => void loadBox().catch(() => undefined)

/** Finds pages and settings by their words, and what the features offer: people, apps, bills, ids and more. Ctrl K opens it on every page. */
export function SearchEverywhere(): ReactNode {
  const t = useText('console')
  const isNarrow = useNarrow(1024)
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key === 'Control' || event.key === 'Meta') prepare()
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      setOpen(true)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return (
    <>
      <Button
        type={isNarrow ? 'text' : 'default'}
        icon={<SearchOutlined />}
        {...(isNarrow ? { 'aria-label': t('search') } : {})}
        onPointerEnter={prepare}
        onFocus={prepare}
        onClick={() => setOpen(true)}
        style={isNarrow ? {} : { color: 'var(--wisp-quiet)' }}
      >
        {isNarrow ? null : (
          <span className="console-search-words">
            {t('search')}
            <kbd className="console-key" aria-hidden>
              Ctrl K
            </kbd>
          </span>
        )}
      </Button>
      <Modal
        open={isOpen}
        footer={null}
        closable={false}
        destroyOnHidden
        title={<span className="wisp-hidden">{t('search')}</span>}
        width={640}
        style={{ top: 80 }}
        onCancel={() => setOpen(false)}
      >
        <Suspense fallback={<Loading height={40} />}>
          <SearchBox onDone={() => setOpen(false)} />
        </Suspense>
      </Modal>
    </>
  )
}
