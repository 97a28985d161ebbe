// The floors of the house (docs/architecture.md, "Packages"): an arrow goes down only.
const floor = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: to },
})

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    floor(
      'core-is-the-ground',
      '^packages/core/src',
      '^(packages/(?!core/)|apps/|e2e/|bench/)',
      'core imports no other package',
    ),
    {
      name: 'core-and-engine-do-no-io',
      severity: 'error',
      from: { path: '^packages/(core|engine)/src' },
      to: { dependencyTypes: ['core'] },
    },
    floor(
      'adapters-know-core-only',
      '^packages/(jsonl-store|sqlite-index|llm|config|testkit)/src',
      '^(packages/(engine|manager)/|apps/)',
      'adapters and config import core only',
    ),
    floor(
      'jsonl-store-alone',
      '^packages/jsonl-store/src',
      '^packages/(sqlite-index|llm|config)/',
      'adapters never import each other',
    ),
    floor(
      'sqlite-index-alone',
      '^packages/sqlite-index/src',
      '^packages/(jsonl-store|llm|config)/',
      'adapters never import each other',
    ),
    floor(
      'llm-alone',
      '^packages/llm/src',
      '^packages/(jsonl-store|sqlite-index|config)/',
      'adapters never import each other',
    ),
    floor(
      'config-alone',
      '^packages/config/src',
      '^packages/(jsonl-store|sqlite-index|llm)/',
      'config imports core only',
    ),
    floor(
      'engine-knows-core-only',
      '^packages/engine/src',
      '^(packages/(?!core/|engine/)|apps/)',
      'engine imports core only',
    ),
    floor(
      'manager-names-no-adapter',
      '^packages/manager/src',
      '^(packages/(?!core/|engine/|manager/)|apps/)',
      'manager imports engine and core only',
    ),
    floor(
      'client-knows-core-only',
      '^packages/client/src',
      '^(packages/(?!core/|client/)|apps/)',
      'the client imports core only',
    ),
    {
      name: 'client-runs-in-browsers',
      severity: 'error',
      comment: 'the client uses nothing that only Node has',
      from: { path: '^packages/client/src' },
      to: { dependencyTypes: ['core'] },
    },
    floor('packages-know-no-app', '^packages/', '^apps/', 'packages never import apps'),
    {
      name: 'only-compose-names-adapters',
      severity: 'error',
      comment: 'an app names its adapters in compose.ts and nowhere else',
      from: { path: '^apps/[^/]+/src', pathNot: '/src/compose\\.ts$' },
      to: { path: '^packages/(jsonl-store|sqlite-index|llm)/' },
    },
    floor(
      'testkit-stays-in-tests',
      '^(packages|apps)/(?!testkit/)[^/]+/src',
      '^packages/testkit/',
      'testkit is for tests',
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage|\\.turbo)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['arawn-source', 'import', 'types', 'node', 'default'],
    },
  },
}
