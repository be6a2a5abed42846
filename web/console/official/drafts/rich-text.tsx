import {
  BoldOutlined,
  ClearOutlined,
  FontSizeOutlined,
  ItalicOutlined,
  LinkOutlined,
  MinusOutlined,
  OrderedListOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons'
import { App, Button, Input } from 'antd'
import { type ClipboardEvent, type ReactNode, type RefObject, useLayoutEffect, useRef } from 'react'
import { useText } from '../../../ui/text.ts'
import { cleaned, htmlOf, show } from './article-html.ts'
import './drafts.css'

/** Puts HTML where the cursor is. */
export type Insert = (html: string) => void

/**
 * An article as it looks. `html` is shown once, then people edit; one that `isEditable` refuses is not for here. `insert` is
 * filled for those who put something in from outside.
 */
export function RichText(props: {
  label: string
  html: string
  insert: RefObject<Insert | undefined>
  onChange(html: string): void
  children?: ReactNode
}): ReactNode {
  const root = useRef<HTMLDivElement>(null)
  const range = useRef<Range>(undefined)
  const first = useRef(props.html)
  useLayoutEffect(() => {
    if (root.current) show(root.current, first.current)
  }, [])
  const changed = () => root.current && props.onChange(htmlOf(root.current))
  /** A button or a dialog took the selection away. */
  const act = (command: string, value?: string) => {
    restore(root.current, range.current)
    document.execCommand('defaultParagraphSeparator', false, 'p')
    document.execCommand(command, false, value)
    changed()
  }
  useLayoutEffect(() => {
    props.insert.current = html => act('insertHTML', html)
  })
  const remember = () => {
    const selection = getSelection()
    const now = selection?.rangeCount ? selection.getRangeAt(0) : undefined
    if (now && root.current?.contains(now.commonAncestorContainer)) range.current = now.cloneRange()
  }
  const paste = (event: ClipboardEvent) => {
    const html = event.clipboardData.getData('text/html')
    if (!html) return
    event.preventDefault()
    remember()
    act('insertHTML', cleaned(html))
  }
  return (
    <div className="oa-rich">
      <Toolbar act={act} hasSelection={() => range.current?.collapsed === false}>
        {props.children}
      </Toolbar>
      {/* biome-ignore lint/a11y/useSemanticElements: a text area has no formats. */}
      <div
        ref={root}
        className="oa-rich-text"
        role="textbox"
        aria-multiline="true"
        aria-label={props.label}
        tabIndex={0}
        contentEditable
        suppressContentEditableWarning
        onInput={() => {
          remember()
          changed()
        }}
        onKeyUp={remember}
        onMouseUp={remember}
        onBlur={remember}
        onPaste={paste}
      />
    </div>
  )
}

/** Where the cursor was, or behind everything. */
function restore(root: HTMLElement | null, range: Range | undefined): void {
  if (!root) return
  root.focus()
  const selection = getSelection()
  if (range) {
    selection?.removeAllRanges()
    selection?.addRange(range)
  } else {
    selection?.selectAllChildren(root)
    selection?.collapseToEnd()
  }
}

const commands = [
  { name: 'heading', command: 'formatBlock', value: 'h2', icon: <FontSizeOutlined /> },
  { name: 'paragraph', command: 'formatBlock', value: 'p', icon: '¶' },
  { name: 'bold', command: 'bold', icon: <BoldOutlined /> },
  { name: 'italic', command: 'italic', icon: <ItalicOutlined /> },
  { name: 'bullets', command: 'insertUnorderedList', icon: <UnorderedListOutlined /> },
  { name: 'numbers', command: 'insertOrderedList', icon: <OrderedListOutlined /> },
  { name: 'quote', command: 'formatBlock', value: 'blockquote', icon: '❝' },
  { name: 'line', command: 'insertHorizontalRule', icon: <MinusOutlined /> },
  { name: 'plain', command: 'removeFormat', icon: <ClearOutlined /> },
] as const

function Toolbar(props: {
  act(command: string, value?: string): void
  hasSelection(): boolean
  children?: ReactNode
}): ReactNode {
  const t = useText('official-drafts')
  const { modal, message } = App.useApp()
  const { act } = props
  const link = () => {
    let url = 'https://'
    let isGiven = false
    modal.confirm({
      title: t('rich:linkAsk'),
      content: (
        <Input
          aria-label={t('rich:linkAsk')}
          defaultValue={url}
          onChange={event => (url = event.target.value)}
        />
      ),
      onOk: (close: () => void) => {
        if (!/^https?:\/\/[^\s"<>]+$/.test(url)) return void message.error(t('rich:linkBad'))
        isGiven = true
        close()
      },
      // While it is open the dialog keeps the focus to itself.
      afterClose: () => {
        if (!isGiven) return
        if (props.hasSelection()) act('createLink', url)
        else act('insertHTML', `<a href="${url}">${url}</a>`)
      },
    })
  }
  return (
    <div className="oa-rich-tools" role="toolbar" aria-label={t('rich:tools')}>
      {commands.map(one => (
        <Button
          key={one.name}
          size="small"
          type="text"
          aria-label={t(`rich:${one.name}`)}
          title={t(`rich:${one.name}`)}
          icon={one.icon}
          onClick={() => act(one.command, 'value' in one ? one.value : undefined)}
        />
      ))}
      <Button
        size="small"
        type="text"
        aria-label={t('rich:link')}
        title={t('rich:link')}
        icon={<LinkOutlined />}
        onClick={link}
      />
      {props.children}
    </div>
  )
}
