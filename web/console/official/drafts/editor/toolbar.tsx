import {
  ArrowDownOutlined,
  ArrowUpOutlined,
  BoldOutlined,
  ClearOutlined,
  DeleteOutlined,
  FontSizeOutlined,
  ItalicOutlined,
  LinkOutlined,
  MinusOutlined,
  OrderedListOutlined,
  RedoOutlined,
  UndoOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons'
import type { Editor } from '@tiptap/core'
import { Button } from 'antd'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { useText } from '../../../../ui/text.ts'
import { blockAt, canMove, clearLooks, insertLine, moveBlock, removeBlock } from './change-blocks.ts'
import { useAskLink } from './link-dialog.tsx'

type Tool = {
  name: string
  icon: ReactNode
  run(editor: Editor): unknown
  /** Whether it is so where the cursor is. */
  isOn?(editor: Editor): boolean
  can?(editor: Editor): boolean
}

const tools = [
  {
    name: 'undo',
    icon: <UndoOutlined />,
    run: editor => editor.chain().focus().undo().run(),
    can: editor => editor.can().undo(),
  },
  {
    name: 'redo',
    icon: <RedoOutlined />,
    run: editor => editor.chain().focus().redo().run(),
    can: editor => editor.can().redo(),
  },
  {
    name: 'heading',
    icon: <FontSizeOutlined />,
    run: editor => editor.chain().focus().setNode('heading', { level: 2 }).run(),
    isOn: editor => editor.isActive('heading'),
  },
  {
    name: 'paragraph',
    icon: '¶',
    run: editor => editor.chain().focus().setNode('paragraph').run(),
    isOn: editor => editor.isActive('paragraph'),
  },
  {
    name: 'bold',
    icon: <BoldOutlined />,
    run: editor => editor.chain().focus().toggleMark('bold').run(),
    isOn: editor => editor.isActive('bold'),
  },
  {
    name: 'italic',
    icon: <ItalicOutlined />,
    run: editor => editor.chain().focus().toggleMark('italic').run(),
    isOn: editor => editor.isActive('italic'),
  },
  {
    name: 'bullets',
    icon: <UnorderedListOutlined />,
    run: editor => editor.chain().focus().toggleList('bulletList', 'listItem').run(),
    isOn: editor => editor.isActive('bulletList'),
  },
  {
    name: 'numbers',
    icon: <OrderedListOutlined />,
    run: editor => editor.chain().focus().toggleList('orderedList', 'listItem').run(),
    isOn: editor => editor.isActive('orderedList'),
  },
  {
    name: 'quote',
    icon: '❝',
    run: editor => editor.chain().focus().toggleWrap('blockquote').run(),
    isOn: editor => editor.isActive('blockquote'),
  },
  { name: 'line', icon: <MinusOutlined />, run: insertLine },
  { name: 'plain', icon: <ClearOutlined />, run: clearLooks },
  {
    name: 'up',
    icon: <ArrowUpOutlined />,
    run: editor => moveBlock(editor, -1),
    can: editor => canMove(editor, -1),
  },
  {
    name: 'down',
    icon: <ArrowDownOutlined />,
    run: editor => moveBlock(editor, 1),
    can: editor => canMove(editor, 1),
  },
  {
    name: 'remove',
    icon: <DeleteOutlined />,
    run: removeBlock,
    can: editor => blockAt(editor) !== undefined,
  },
] as const satisfies readonly Tool[]

/** One stop of the Tab key, as the pattern of toolbars has it: arrows lead from one button to the next. */
export function Toolbar({ editor, children }: { editor: Editor; children?: ReactNode }): ReactNode {
  const t = useText('official-drafts')
  const askLink = useAskLink(editor)
  const [at, setAt] = useState(0)
  const link: Tool = {
    name: 'link',
    icon: <LinkOutlined />,
    run: askLink,
    isOn: () => editor.isActive('link'),
  }
  const all: readonly (Tool & { name: (typeof tools)[number]['name'] | 'link' })[] = [
    ...tools,
    { ...link, name: 'link' },
  ]
  const walk = (event: KeyboardEvent<HTMLElement>) => {
    const to = nextOf(event.key, at, all.length)
    if (to === undefined) return
    event.preventDefault()
    setAt(to)
    event.currentTarget.querySelectorAll('button')[to]?.focus()
  }
  return (
    <div className="oa-rich-tools">
      <div role="toolbar" aria-label={t('rich:tools')} className="oa-rich-buttons" onKeyDown={walk}>
        {all.map(({ name, icon, run, isOn, can }, n) => (
          <Button
            key={name}
            size="small"
            type={isOn?.(editor) ? 'primary' : 'text'}
            tabIndex={n === at ? 0 : -1}
            aria-label={t(`rich:${name}`)}
            title={t(`rich:${name}`)}
            {...(isOn ? { 'aria-pressed': isOn(editor) } : {})}
            // A button that is disabled would lose the focus to nobody.
            aria-disabled={can?.(editor) === false}
            className={can?.(editor) === false ? 'oa-rich-idle' : ''}
            icon={icon}
            onFocus={() => setAt(n)}
            // The selection stays where it is.
            onMouseDown={event => event.preventDefault()}
            onClick={() => {
              if (can?.(editor) !== false) run(editor)
            }}
          />
        ))}
      </div>
      {children}
    </div>
  )
}

function nextOf(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowRight') return (at + 1) % count
  if (key === 'ArrowLeft') return (at + count - 1) % count
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : undefined
}
