/** Who may import what. The stages are the steps of src/pipeline.ts; none may know another. */
const stages = ['source', 'decode', 'process', 'action', 'detect', 'alert'];
const stageList = stages.join('|');
const rxjsFiles =
  '^src/(stream/|pipeline[.]ts$|app[.]ts$|app/[a-z]+[.]ts$|source/[a-z]+[.]ts$|[a-z]+/(stage|deliver)[.]ts$)';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'model-imports-nothing',
      comment: 'The nouns that travel know nothing of who carries them.',
      severity: 'error',
      from: { path: '^src/model/' },
      to: { pathNot: '^src/model/' },
    },
    {
      name: 'platform-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/', pathNot: '^src/platform/' },
    },
    {
      name: 'stream-imports-platform-only',
      severity: 'error',
      from: { path: '^src/stream/' },
      to: { path: '^src/', pathNot: '^src/(stream|platform)/' },
    },
    {
      name: 'a-stage-knows-no-other-stage',
      severity: 'error',
      from: { path: `^src/(${stageList})/` },
      to: { path: '^src/', pathNot: '^src/($1|model|platform|stream)/' },
    },
    {
      name: 'report-imports-model-only',
      severity: 'error',
      from: { path: '^src/report/' },
      to: { path: '^src/', pathNot: '^src/(report|model|platform)/' },
    },
    {
      name: 'rxjs-stays-at-the-edges',
      comment: 'Cores are pure; only the files that wire them know RxJS.',
      severity: 'error',
      from: { path: '^src/', pathNot: rxjsFiles },
      to: { path: 'node_modules/rxjs/' },
    },
    {
      name: 'pipeline-imports-the-model-only',
      severity: 'error',
      from: { path: '^src/pipeline[.]ts$' },
      to: { path: '^src/', pathNot: '^src/model/' },
    },
    {
      name: 'config-imports-declarations-only',
      comment: 'Config is declared beside what it configures, in files named config.ts.',
      severity: 'error',
      from: { path: '^src/config[.]ts$' },
      to: { path: '^src/', pathNot: '^src/([a-z/]+/config[.]ts|platform/)' },
    },
    {
      name: 'commands-see-app-config-model-report',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/', pathNot: '^src/(cli/|app[.]ts|app/|config[.]ts|model/|report/|platform/)' },
    },
    {
      name: 'nobody-imports-the-commands',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli/|main[.]ts)' },
      to: { path: '^src/(cli/|main[.]ts)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
