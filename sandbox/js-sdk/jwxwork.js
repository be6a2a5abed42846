// Stands in for both scripts of WeCom's client, jweixin and jwxwork, which adds agentConfig. The sandbox checks the signatures.
{
  const { origin } = new URL(document.currentScript.src)
  let waiting = []
  let onError = () => {}
  let isSettled = false

  const check = given => {
    const [url] = location.href.split('#')
    return fetch(`${origin}/pages/js-sdk/check?${new URLSearchParams({ ...given, url })}`).then(
      response => response.json(),
      error => ({ errMsg: `fail, ${error.message}` }),
    )
  }

  window.wx = {
    async config({ appId, timestamp, nonceStr, signature }) {
      const answer = await check({ corpid: appId, timestamp, nonceStr, signature })
      if (answer.errMsg !== 'config:ok') onError(answer)
      // As in WeChat's own: after a refusal too, and from then on `ready` waits for nothing any more.
      isSettled = true
      for (const run of waiting) run()
      waiting = []
    },
    ready(run) {
      if (isSettled) run()
      else waiting.push(run)
    },
    error(run) {
      onError = run
    },
    async agentConfig({ corpid, agentid, timestamp, nonceStr, signature, success, fail }) {
      const answer = await check({ corpid, agentid, timestamp, nonceStr, signature })
      if (answer.errMsg === 'agentConfig:ok') success(answer)
      else fail(answer)
    },
  }
}
