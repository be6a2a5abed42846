import { h, link } from './dom.js'

const everyMs = 2000

/** What applications show on the member's workbench in WeCom; `changed` is called when it is another than before. */
export function followWorkbench(userid, changed) {
  let shown = []
  let timer
  let ended = false
  const look = async () => {
    try {
      const answer = await fetch(`/_sandbox/workbench?${new URLSearchParams({ userid })}`)
      const { agents = [] } = await answer.json()
      if (!ended && JSON.stringify(agents) !== JSON.stringify(shown)) {
        shown = agents
        changed()
      }
    } catch {
      // The page says elsewhere that the sandbox is away.
    }
    if (!ended) timer = setTimeout(look, everyMs)
  }
  void look()
  return {
    agents: () => shown,
    close() {
      ended = true
      clearTimeout(timer)
    },
  }
}

/** One block for each application: its name and its numbers, which lead where it says. */
export function workbenchBlocks(agents, nameOf) {
  if (agents.length === 0) return ''
  return h(
    'section',
    { class: 'workbench', 'aria-label': '工作台' },
    h('h2', {}, '工作台'),
    ...agents.map(({ agentId, items }) =>
      h(
        'div',
        { class: 'workbench-app' },
        h('strong', {}, nameOf(agentId)),
        h(
          'div',
          { class: 'workbench-items' },
          ...items.map(({ key, data, jump_url }) =>
            link(jump_url, { class: 'workbench-item' }, h('b', {}, data), h('span', {}, key)),
          ),
        ),
      ),
    ),
  )
}
