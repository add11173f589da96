// n8n-core logs every failed node; the tests that provoke failures read them from the run's data instead.
process.env.N8N_LOG_LEVEL = 'silent';
