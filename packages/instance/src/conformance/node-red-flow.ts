/**
 * A Node-RED flow as somebody draws it in its editor: a GET of `/story` creates an incident, reads it back, works on it, and answers
 * with the three bodies. Its nodes are Node-RED's own.
 */
export function incidentFlow(instanceUrl: string, user: string, password: string): { flow: unknown[]; credentials: unknown } {
  const table = `${instanceUrl}/api/now/table/incident`
  const say = (id: string, lines: string[], next: string) => ({ id, z: 'story', type: 'function', func: lines.join('\n'), wires: [[next]] })
  const request = (id: string, method: string, url: string, next: string) => ({
    id,
    z: 'story',
    type: 'http request',
    method,
    url,
    ret: 'obj',
    authType: 'basic',
    paytoqs: 'ignore',
    persist: false,
    wires: [[next]],
  })
  return {
    flow: [
      { id: 'story', type: 'tab', label: 'An incident' },
      { id: 'asked', z: 'story', type: 'http in', url: '/story', method: 'get', wires: [['new']] },
      say('new', ["msg.payload = { short_description: 'from a flow', impact: 1, urgency: 2 }", 'return msg'], 'create'),
      request('create', 'POST', table, 'made'),
      say('made', ['msg.story = [msg.payload.result]', 'msg.id = msg.story[0].sys_id', 'return msg'], 'read'),
      request('read', 'GET', `${table}/{{{id}}}?sysparm_display_value=true`, 'seen'),
      say(
        'seen',
        [
          'msg.story.push(msg.payload.result)',
          "msg.payload = { state: 2, comments: 'Somebody is looking at it' }",
          "msg.method = 'PATCH'",
          'return msg',
        ],
        'work',
      ),
      request('work', 'use', `${table}/{{{id}}}`, 'worked'),
      say('worked', ['msg.story.push(msg.payload.result)', 'msg.payload = msg.story', 'msg.headers = {}', 'return msg'], 'answered'),
      { id: 'answered', z: 'story', type: 'http response', statusCode: '200', wires: [] },
    ],
    credentials: Object.fromEntries(['create', 'read', 'work'].map(id => [id, { user, password }])),
  }
}
