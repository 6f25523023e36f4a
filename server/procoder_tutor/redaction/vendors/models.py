"""Credentials of model providers and machine-learning services."""

from typing import Final

from procoder_tutor.redaction.formats import UUID, Format, named

MODELS: Final[tuple[Format, ...]] = (
    Format(
        "openai-key",
        "OpenAI",
        "API key: user, project, service account or admin",
        r"\bsk-(?:(?:proj|svcacct|admin|None)-)?[0-9A-Za-z_-]{16,}T3BlbkFJ[0-9A-Za-z_-]{16,}",
        "https://platform.openai.com/docs/api-reference/authentication",
    ),
    Format(
        "openai-project-key",
        "OpenAI",
        "API key of a project, service account or admin",
        r"\bsk-(?:proj|svcacct|admin)-[0-9A-Za-z_-]{40,}",
        "https://platform.openai.com/docs/api-reference/authentication",
    ),
    Format(
        "anthropic-key",
        "Anthropic",
        "API, admin or OAuth key",
        "sk-ant-[a-z]+[0-9]{2}-[0-9A-Za-z_-]{80,}",
        "https://docs.anthropic.com/en/api/overview",
    ),
    Format(
        "hugging-face-token",
        "Hugging Face",
        "user access token",
        r"\bhf_[0-9A-Za-z]{34,}",
        "https://huggingface.co/docs/hub/security-tokens",
    ),
    Format(
        "hugging-face-org-token",
        "Hugging Face",
        "organization token",
        r"\bapi_org_[0-9A-Za-z]{34,}",
        "https://huggingface.co/docs/hub/security-tokens",
    ),
    Format(
        "replicate-token",
        "Replicate",
        "API token",
        r"\br8_[0-9A-Za-z]{37,}",
        "https://replicate.com/docs/topics/security/api-tokens",
    ),
    Format(
        "groq-key",
        "Groq",
        "API key",
        r"\bgsk_[0-9A-Za-z]{50,}",
        "https://console.groq.com/docs/quickstart",
    ),
    Format(
        "xai-key", "xAI", "API key", r"\bxai-[0-9A-Za-z]{70,}", "https://docs.x.ai/docs/tutorial"
    ),
    Format(
        "perplexity-key",
        "Perplexity",
        "API key",
        r"\bpplx-[0-9A-Za-z]{40,}",
        "https://docs.perplexity.ai/getting-started/quickstart",
    ),
    Format(
        "openrouter-key",
        "OpenRouter",
        "API key",
        r"\bsk-or-v1-[0-9a-f]{64,}",
        "https://openrouter.ai/docs/api-reference/authentication",
    ),
    Format(
        "deepseek-key",
        "DeepSeek",
        "API key",
        r"\bsk-[0-9a-f]{32}\b",
        "https://api-docs.deepseek.com/",
    ),
    Format(
        "nvidia-key",
        "NVIDIA",
        "API key",
        r"\bnvapi-[0-9A-Za-z_-]{60,}",
        "https://docs.api.nvidia.com/nim/docs/api-quickstart",
    ),
    Format(
        "langsmith-key",
        "LangSmith",
        "personal or service key",
        r"\blsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10,}",
        "https://docs.smith.langchain.com/administration/how_to_guides/organization_management/create_account_api_key",
    ),
    Format(
        "langfuse-key",
        "Langfuse",
        "secret key",
        r"\bsk-lf-" + UUID,
        "https://langfuse.com/faq/all/where-are-langfuse-api-keys",
    ),
    Format(
        "pinecone-key",
        "Pinecone",
        "API key",
        r"\bpcsk_[0-9A-Za-z]{4,}_[0-9A-Za-z]{50,}",
        "https://docs.pinecone.io/guides/projects/manage-api-keys",
    ),
    Format(
        "wandb-key",
        "Weights & Biases",
        "API key",
        named(r"(?:wandb|wb)_?\w{0,8}key", "[0-9a-f]{40}"),
        "https://docs.wandb.ai/quickstart/",
    ),
    Format(
        "tavily-key",
        "Tavily",
        "API key",
        r"\btvly-(?:dev-|prod-)?[0-9A-Za-z_-]{32,}",
        "https://docs.tavily.com/documentation/quickstart",
    ),
    Format(
        "elevenlabs-key",
        "ElevenLabs",
        "API key",
        r"\bsk_[0-9a-f]{48}\b",
        "https://elevenlabs.io/docs/api-reference/authentication",
    ),
)
